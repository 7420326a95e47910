/** What a long command shows: numbered steps, what each is doing, and how long it took. */

const HEARTBEAT_MS = 10_000;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * @returns {(title: string, work: (say: (what: string) => void) => Promise<string>) => Promise<void>} runs one step; the text that
 *   `work` returns is its outcome, `say` shows what it is at
 */
export function numberedSteps(print = console.log) {
  let number = 0;
  return async (title, work) => {
    const begin = performance.now();
    number += 1;
    print(`${number}. ${title}`);
    let doing = title;
    const heartbeat = setInterval(() => print(`   … ${doing} (${seconds(begin)})`), HEARTBEAT_MS);
    try {
      const outcome = await work((what) => {
        doing = what;
        print(`   ${what}`);
      });
      print(`   ${outcome} (${seconds(begin)})`);
    } finally {
      clearInterval(heartbeat);
    }
  };
}

/** An error that is told to the user as it is, without a stack. */
export class PlainError extends Error {}

/** Runs a command's main function; a failure is printed and becomes exit status 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof PlainError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
