/** Debian's redis-server on a port of its own, with its data in a folder of its own: TLS and a password, as it would be run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PASSWORD = 's3cret-word';
const STEP_MS = 50;

export interface RedisServer {
  readonly url: string;
  /** For clients of Node: the certificate is nobody's but ours. */
  readonly env: Readonly<Record<string, string>>;
  readonly password: string;
  /** Ends it as a machine that is lost does, and starts it with what its disk has. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Options of a server that others cannot listen to. */
function secured(
  dir: string,
  port: string,
): { readonly certificate: string; readonly options: readonly string[] } {
  const [key, certificate] = [join(dir, 'key.pem'), join(dir, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const options = [
    ...['--port', '0', '--tls-port', port, '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
  ];
  return { certificate, options };
}

export async function redisServer(dir: string, { tls = true } = {}): Promise<RedisServer> {
  const port = await freePort();
  const own = tls ? secured(dir, String(port)) : undefined;
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn(
      'redis-server',
      [
        ...(own?.options ?? ['--port', String(port)]),
        ...['--bind', '127.0.0.1', '--dir', dir, '--requirepass', PASSWORD, '--appendonly', 'yes'],
        ...['--save', ''],
      ],
      { stdio: 'ignore' },
    );
    while (!(await answers(port))) await sleep(STEP_MS);
  };
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  };
  await start();
  return {
    url: `${tls ? 'rediss' : 'redis'}://:${PASSWORD}@localhost:${port}`,
    env: own === undefined ? {} : { NODE_EXTRA_CA_CERTS: own.certificate },
    password: PASSWORD,
    async restart() {
      await stop();
      await sleep(10 * STEP_MS);
      await start();
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  return new Promise(resolve => {
    const end = (does: boolean): void => {
      socket.destroy();
      resolve(does);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
