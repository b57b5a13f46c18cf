/** A file of weights: which network it is, its ops and its tensors. */
import type { OpenAnswer } from '../work/drop/protocol.ts';

interface NetworkProps {
  readonly network: Extract<OpenAnswer, { readonly kind: 'network' }>;
  readonly onAs: (name: string) => void;
  readonly onClose: () => void;
}

const size = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

interface TableProps {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function Table({ title, heads, rows }: TableProps) {
  if (rows.length === 0) return null;
  return (
    <details open>
      <summary>
        {title}: {rows.length}
      </summary>
      <div class="rows">
        <table>
          <thead>
            <tr>
              {heads.map(head => (
                <th key={head} scope="col" class="cell">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row[0]}>
                {row.map((cell, i) => (
                  <td key={heads[i]} class="cell">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export function NetworkView({ network, onAs, onClose }: NetworkProps) {
  const { name, bytes, tensors, summary, ops, problem, notices, names } = network;
  return (
    <section class="opened" aria-label={name} data-network={name}>
      <p class="controls">
        <b>{name}</b> {size(bytes)}
        <label>
          It is{' '}
          <select value="" onChange={event => onAs(event.currentTarget.value)}>
            <option value="">as the file says</option>
            {names.map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </p>
      {problem !== '' && <pre class="wrong">{problem}</pre>}
      {notices.map(text => (
        <p key={text} class="note">
          {text}
        </p>
      ))}
      <dl>
        {summary.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table
        title="Operations"
        heads={['operation', 'kind', 'part', 'size', 'from']}
        rows={ops.map(op => [op.id, op.kind, op.stage, op.size, op.from.join(', ')])}
      />
      <Table
        title="Tensors"
        heads={['tensor', 'type', 'shape']}
        rows={tensors.map(one => [one.name, one.dtype, one.shape.join(' x ')])}
      />
    </section>
  );
}
