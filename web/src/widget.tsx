/**
 * The page as a widget: one module with `render({ model, el })`, as anywidget calls it in a notebook. Its styles stay in a shadow
 * root, its worker is inside, and the address of the page around it is left alone: the state stands in the model's `state`.
 */
import { render as show } from 'preact';
import type { RunReport } from 'trex-sim';
import example from '../generated/example.json';
import { App } from './app.tsx';
import noiseStyle from './noise/noise.css?inline';
import { fromHash, START } from './state.ts';
import pageStyle from './style.css?inline';
import { Client } from './work/client.ts';
import PageWorker from './work/worker.ts?worker&inline';

/** What anywidget hands over; a page of its own gives any object with a `get`. */
interface WidgetModel {
  get(name: string): unknown;
  set?(name: string, value: unknown): void;
  save_changes?(): void;
}

interface Place {
  readonly model?: WidgetModel;
  readonly el: HTMLElement;
}

/** The styles of a whole page, for one element of another. */
const styles = [pageStyle, noiseStyle]
  .join('\n')
  .replaceAll(':root', ':host')
  .replaceAll(/(^|[\s,}])body(?=\s*\{)/g, '$1.widget');

async function render({ model, el }: Place): Promise<() => void> {
  let notice = '';
  const asked = model?.get('state');
  const state = await fromHash(typeof asked === 'string' ? asked : '').catch((error: Error) => {
    notice = error.message;
    return START;
  });
  const root = el.shadowRoot ?? el.attachShadow({ mode: 'open' });
  const sheet = document.createElement('style');
  sheet.textContent = `${styles}\n.skip { display: none }`;
  const host = document.createElement('div');
  host.className = 'widget';
  root.replaceChildren(sheet, host);
  const client = new Client(
    () => new PageWorker(),
    () => {},
  );
  show(
    <App
      client={client}
      example={example as unknown as RunReport}
      files={{}}
      start={{ state, notice }}
      onState={hash => {
        model?.set?.('state', hash);
        model?.save_changes?.();
      }}
    />,
    host,
  );
  return () => {
    show(null, host);
    client.close();
  };
}

/** As anywidget asks for it. */
export default { render };
