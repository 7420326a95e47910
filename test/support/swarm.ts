import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PrivateEngine } from './private-engine.js';

const run = promisify(execFile);

const SWARM_PORT = 2377;
/** Seconds until a node that was killed is held to be down are about three of these, instead of Docker's own five. */
const HEARTBEAT_NS = 1_000_000_000;

export interface TestSwarmOptions {
  /** How many engines there are. Default 3. */
  readonly size?: number;
  /** How many of them become managers, the first ones; the rest become workers. Default: all. 0: none is in any swarm yet. */
  readonly managers?: number;
  /** What their names begin with; the number comes after. Default `node-`. */
  readonly name?: string;
}

/**
 * Real engines that reach each other, and nothing else, by addresses of their own, and the swarm that they are. Each has a
 * network namespace; a bridge in one more joins them. All of it ends with this process, however that ends.
 */
export class TestSwarm {
  private constructor(
    private readonly bridge: ChildProcess,
    /** Each with `busybox:latest`. `kill()` and `restart()` of one leave it its address and its place in the swarm. */
    readonly engines: readonly PrivateEngine[],
  ) {}

  static async start({ size = 3, managers = size, name = 'node-' }: TestSwarmOptions = {}) {
    const bridge = await startBridge();
    const started = await Promise.allSettled(
      Array.from({ length: size }, (_, index) => startEngine(bridge, `${name}${index + 1}`, index)),
    );
    const engines = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const swarm = new TestSwarm(bridge, engines);
    try {
      for (const one of started) if (one.status === 'rejected') throw one.reason;
      if (managers > 0) await swarm.form(managers);
      return swarm;
    } catch (error) {
      await swarm.stop();
      throw error;
    }
  }

  /** The engine with this number, from 0 on. */
  engine(index: number): PrivateEngine {
    const engine = this.engines[index];
    if (!engine) throw new Error(`the swarm has no engine ${index}`);
    return engine;
  }

  /** Where that engine is reached by the others. */
  address(index: number): string {
    return `${ipOf(index)}:${SWARM_PORT}`;
  }

  async stop(): Promise<void> {
    try {
      await Promise.all(this.engines.map((engine) => engine.stop()));
    } finally {
      this.bridge.kill('SIGKILL');
    }
  }

  private async form(managers: number): Promise<void> {
    const first = this.engine(0);
    const at = (index: number) => ({
      ListenAddr: this.address(index),
      AdvertiseAddr: this.address(index),
    });
    const Spec = { Dispatcher: { HeartbeatPeriod: HEARTBEAT_NS } };
    await first.call('POST', '/swarm/init', { body: { ...at(0), Spec } });
    const { text } = await first.call('GET', '/swarm');
    const { JoinTokens } = JSON.parse(text) as { JoinTokens: { Manager: string; Worker: string } };
    // One after another: every new manager changes who has to agree to the next.
    for (const [index, engine] of this.engines.entries()) {
      if (index === 0) continue;
      const JoinToken = index < managers ? JoinTokens.Manager : JoinTokens.Worker;
      await engine.call('POST', '/swarm/join', {
        body: { ...at(index), RemoteAddrs: [this.address(0)], JoinToken },
      });
    }
  }
}

function ipOf(index: number): string {
  return `10.77.0.${index + 1}`;
}

/** A network namespace with a bridge. It goes when the process does, which ends when its standard input closes. */
async function startBridge(): Promise<ChildProcess> {
  const script = 'ip link add swarm type bridge && ip link set swarm up && echo ready && read -r _';
  const bridge = spawn('unshare', ['--net', 'bash', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = once(createInterface({ input: bridge.stdout }), 'line');
  const ended = once(bridge, 'exit').then(() => {
    throw new Error('cannot make a network for a swarm');
  });
  ended.catch(() => undefined); // it ends at some time, which is no error after the start
  await Promise.race([ready, ended]);
  return bridge;
}

async function startEngine(bridge: ChildProcess, name: string, index: number): Promise<PrivateEngine> {
  const engine = await PrivateEngine.start({ name });
  try {
    await connect(bridge, engine, index);
    await engine.importBusybox();
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** A cable from the bridge to the engine's namespace, and an address at the engine's end. */
async function connect(bridge: ChildProcess, engine: PrivateEngine, index: number): Promise<void> {
  const ip = (pid: number | undefined, ...words: string[]) =>
    run('nsenter', [`--target=${String(pid)}`, '--net', '--', 'ip', ...words]);
  const port = `port-${index + 1}`;
  const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(engine.initPid)];
  await ip(bridge.pid, 'link', 'add', port, ...peer);
  await ip(bridge.pid, 'link', 'set', port, 'master', 'swarm', 'up');
  await ip(engine.initPid, 'address', 'add', `${ipOf(index)}/24`, 'dev', 'eth0');
  await ip(engine.initPid, 'link', 'set', 'eth0', 'up');
}
