/** The page's start: what the address holds, the precomputed example, and a worker. */
import { render } from 'preact';
import type { RunReport } from 'trex-sim';
import example from '../generated/example.json';
import { App } from './app.tsx';
import { fromHash, START } from './state.ts';
import './style.css';
import './noise/noise.css';
import { Client } from './work/client.ts';
import type { UserFiles } from './work/protocol.ts';

const host = document.querySelector('#app')!;

/** Files that `trex ui` serves beside the page; a page on another host has none. */
async function userFiles(): Promise<UserFiles> {
  const name = document.querySelector<HTMLMetaElement>('meta[name=trex-files]')?.content;
  if (name === undefined) return {};
  const answer = await fetch(name);
  if (!answer.ok)
    throw new Error(`the files beside the page are not there: ${answer.status}; is trex ui still running?`);
  return answer.json();
}

let notice = '';
const say = (error: Error): void => void (notice = error.message);
const state = await fromHash(location.hash).catch((error: Error) => {
  say(error);
  return START;
});
const files = await userFiles().catch((error: Error): UserFiles => {
  say(error);
  return {};
});
const client = new Client(
  () => new Worker(new URL('./work/worker.ts', import.meta.url), { type: 'module' }),
  () => host.setAttribute('data-restarts', String(1 + Number(host.getAttribute('data-restarts') ?? 0))),
);
render(
  <App client={client} example={example as unknown as RunReport} files={files} start={{ state, notice }} />,
  host,
);
