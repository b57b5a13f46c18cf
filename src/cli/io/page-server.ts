/** Serves the built page on this machine alone: read-only, below a path that nobody guesses, with the files of the working directory. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { TrexError } from '../../base/errors.ts';

const HOST = '127.0.0.1';
const FILES = 'trex-files.json';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** A page that is being served. */
export interface PageServer {
  readonly url: string;
  close(): void;
}

/** The texts of `arch/`, `tech/` and `models/` below a folder, by path. */
function ownFiles(folder: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const kind of ['arch', 'tech', 'models']) {
    const below = join(folder, kind);
    if (!existsSync(below)) continue;
    for (const name of readdirSync(below).filter(file => /\.(ya?ml|csv)$/.test(file)))
      texts[`${kind}/${name}`] = readFileSync(join(below, name), 'utf8');
  }
  return texts;
}

/** All files of the built page, by their path below it: nothing else can be asked for. */
function pageFiles(folder: string, below = ''): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, bytes] of pageFiles(folder, path)) found.set(name, bytes);
    else if (entry.isFile()) found.set(path, readFileSync(join(folder, path)));
  }
  return found;
}

/** `page`: the built page; `own`: the folder with files of the user. @throws TrexError for a port that is taken. */
export async function servePage(page: string, own: string, port: number): Promise<PageServer> {
  const token = randomBytes(16).toString('hex');
  const files = pageFiles(page);
  const index = (files.get('index.html') ?? Buffer.alloc(0)).toString('utf8');
  const named = index.replace('<head>', `<head>\n<meta name="trex-files" content="${FILES}">`);
  files.set('index.html', Buffer.from(named));
  const server = createServer((request, response) => answer(request, response));
  function statusOf(path: string, method: string | undefined, host: string | undefined): number {
    const { port: bound } = address(server);
    // A page of another name that a name server sends here must not read these files.
    if (![`${HOST}:${bound}`, `localhost:${bound}`].includes(host ?? '')) return 403;
    if (method !== 'GET' && method !== 'HEAD') return 405;
    return path.startsWith(`/${token}/`) ? 200 : 404;
  }
  function answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [path] = url.split('?');
    const status = statusOf(path, method, headers.host);
    const name = path.slice(token.length + 2) || 'index.html';
    const bytes = name === FILES ? Buffer.from(JSON.stringify(ownFiles(own))) : files.get(name);
    if (status !== 200 || bytes === undefined) {
      response.writeHead(status === 200 ? 404 : status).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    response.end(method === 'HEAD' ? undefined : bytes);
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(new TrexError(`--port ${port}: ${error.message}`)));
    server.listen(port, HOST, resolve);
  });
  return { url: `http://${HOST}:${address(server).port}/${token}/`, close: () => server.close() };
}

function address(server: Server): { readonly port: number } {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound : { port: 0 };
}
