/** The devices of a chip: which technology the crossbars of a layer are made of. */
import { nearest } from '../base/errors.ts';
import type { Device } from './schema.ts';

/** Layers whose names match a pattern, and what they are made of. */
export interface LayerDevice {
  /** A layer's name such as "e0.fc1", with * for any text. */
  readonly match: string;
  readonly device: Device;
}

/** What the crossbars of a chip are made of. */
export interface Devices {
  /** Of layers whose weights are known. */
  readonly static: Device;
  /** Of the matmuls of two activations. */
  readonly dynamic: Device;
  /** Exceptions by name, the first that matches counts. */
  readonly layers?: readonly LayerDevice[];
}

/** What layer `id` is made of. */
export function deviceOf(devices: Devices, id: string, dynamic: boolean): Device {
  const exception = devices.layers?.find(({ match }) => matches(match, id));
  return exception?.device ?? (dynamic ? devices.dynamic : devices.static);
}

/** What is wrong with the exceptions on a network of `layers`: one that matches none, or only what earlier ones take. */
export function unusedExceptions({ layers: exceptions = [] }: Devices, layers: readonly string[]): string[] {
  const first = layers.map(id => exceptions.findIndex(({ match }) => matches(match, id)));
  return exceptions.flatMap(({ match }, i) => {
    if (first.includes(i)) return [];
    return layers.some(id => matches(match, id))
      ? [`layers.${i}.match: ${match} matches only layers that earlier exceptions take`]
      : [`layers.${i}.match: ${match} matches no layer of the network${matchHint(match, layers)}`];
  });
}

/** What a pattern may have been meant for. */
export function matchHint(match: string, layers: readonly string[]): string {
  const similar = nearest(match, layers);
  return similar === undefined ? `, whose names are such as ${layers[0]}` : `: did you mean ${similar}?`;
}

/** All devices, each once. */
export const allDevices = ({ static: known, dynamic, layers = [] }: Devices): Device[] => [
  ...new Set([known, dynamic, ...layers.map(layer => layer.device)]),
];

/** The devices with each replaced once, so that what was one device stays one. */
export function mapDevices(devices: Devices, replace: (device: Device) => Device): Devices {
  const { static: known, dynamic, layers } = devices;
  const replaced = new Map(allDevices(devices).map(device => [device, replace(device)]));
  const of = (device: Device): Device => replaced.get(device) ?? device;
  return {
    static: of(known),
    dynamic: of(dynamic),
    ...(layers !== undefined && {
      layers: layers.map(({ match, device }) => ({ match, device: of(device) })),
    }),
  };
}

/** Whether `name` is `pattern`, in which * stands for any text, also none. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
