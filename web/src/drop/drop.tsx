/** Files are dropped anywhere on the page, or chosen; nothing is uploaded. A network is shown here, a chip in its own view. */
import { useEffect, useState } from 'preact/hooks';
import { type Client, Superseded } from '../work/client.ts';
import type { OpenAnswer } from '../work/drop/protocol.ts';
import type { UserFiles } from '../work/protocol.ts';
import { NetworkView } from './network-view.tsx';

export type OpenedChip = Extract<OpenAnswer, { readonly kind: 'chip' }>;
type OpenedNetwork = Extract<OpenAnswer, { readonly kind: 'network' }>;
type Dropped = Readonly<Record<string, Uint8Array>>;

interface DropProps {
  readonly client: Client;
  readonly files: UserFiles;
  readonly onChip: (chip: OpenedChip) => void;
  /** An image goes to the network that is drawn for. */
  readonly onImage: (image: File) => void;
}

export function Drop({ client, files, onChip, onImage }: DropProps) {
  const [dropped, setDropped] = useState<Dropped>({});
  const [network, setNetwork] = useState<OpenedNetwork | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [isOver, setOver] = useState(false);
  const open = (all: Dropped, as: string | null): void =>
    void client.ask('open', { dropped: all, as, files }).then(
      answer => {
        setProblem('');
        if (answer.kind === 'chip') {
          setNetwork(undefined);
          onChip(answer);
        } else setNetwork(answer);
      },
      error => {
        if (error instanceof Superseded) return;
        setNetwork(undefined);
        setProblem((error as Error).message);
      },
    );
  const take = async (list: readonly File[]): Promise<void> => {
    const image = list.find(file => file.type.startsWith('image/'));
    if (image !== undefined) {
      onImage(image);
      return;
    }
    if (list.length === 0) return;
    const all: Record<string, Uint8Array> = {};
    for (const file of list) all[file.name] = new Uint8Array(await file.arrayBuffer());
    setDropped(all);
    open(all, null);
  };
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      setOver(false);
      take([...event.dataTransfer.files]).catch((error: Error) =>
        setProblem(
          `${event.dataTransfer?.files[0]?.name ?? 'what was dropped'}: cannot be read: ${error.message}`,
        ),
      );
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [client, files, onChip, onImage]);
  return (
    <>
      <p class="controls">
        <label class="button">
          Open a file ...
          <input
            type="file"
            multiple
            class="unseen"
            data-open
            onChange={event => {
              const input = event.currentTarget;
              void take([...(input.files ?? [])]).then(() => {
                input.value = '';
              });
            }}
          />
        </label>
        <small>
          or drop it anywhere: a chip, technology or network (.yaml), weights (.safetensors, .npz, .onnx),
          result.json, an image. It stays on this machine.
        </small>
      </p>
      {isOver && <p class="drop">Drop it: it is opened here and goes nowhere</p>}
      {problem !== '' && (
        <pre class="wrong" role="alert" data-dropped>
          {problem}
        </pre>
      )}
      {network !== undefined && (
        <NetworkView network={network} onAs={as => open(dropped, as)} onClose={() => setNetwork(undefined)} />
      )}
    </>
  );
}
