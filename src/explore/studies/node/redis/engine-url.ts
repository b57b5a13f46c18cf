/** Where Redis is: `redis://[user:password@]host[:port][/database]`, `rediss://` over TLS. Its password is shown nowhere. */
import { usageError } from '../../../../base/errors.ts';

const PORT = 6379;
const FORM = 'expected redis://HOST:PORT/DATABASE, with USER:PASSWORD@ before the host, or rediss:// for TLS';

/** An address, taken apart. */
export interface EngineUrl {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly tls: boolean;
  /** For people: without the password. */
  readonly shown: string;
}

/** `from`: where it is written, for messages. @throws TrexError (usage); what it says holds no password */
export function parseEngineUrl(text: string, from = '--engine'): EngineUrl {
  const refuse = (why: string): Error => usageError(`${from}: ${why}: ${FORM}`);
  // A text that is no URL may be a password: it is not repeated.
  if (!URL.canParse(text)) throw refuse('is no URL');
  const url = new URL(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') throw refuse(`${url.protocol}// is not known`);
  if (url.hostname === '') throw refuse('has no host');
  if (url.search !== '' || url.hash !== '') throw refuse('takes nothing behind ? or #');
  const [, database = ''] = /^\/?(.*)$/.exec(url.pathname) ?? [];
  if (!/^\d{0,3}$/.test(database)) throw refuse('the database is a number');
  const part = (value: string): string | undefined => (value === '' ? undefined : decoded(value, refuse));
  const [username, password] = [part(url.username), part(url.password)];
  const port = url.port === '' ? PORT : Number(url.port);
  const who =
    username === undefined && password === undefined ? '' : `${username ?? ''}${password ? ':***' : ''}@`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    username,
    password,
    database: Number(database),
    tls: url.protocol === 'rediss:',
    shown: `${url.protocol}//${who}${url.hostname}:${port}${database === '' ? '' : `/${database}`}`,
  };
}

function decoded(text: string, refuse: (why: string) => Error): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('a % of the user or the password is no escape: write %25');
  }
}
