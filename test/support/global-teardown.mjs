/** After the end-to-end tests: ends what global-setup.mjs started. */
export default async function teardown() {
  await Promise.all(globalThis.sharedPeers.map((peer) => peer.stop()));
}
