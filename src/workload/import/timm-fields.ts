/** What timm says of a network beside its tensors: by the name of an architecture, or in config.json. */
export interface TimmFields {
  readonly heads?: number;
  readonly activation?: string;
  readonly normEps?: number;
  readonly norm?: 'res-post';
  readonly pool?: 'class' | 'mean' | 'attention' | 'none';
}
