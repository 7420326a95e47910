import { flag, list, map, object, text } from './body-shape.js';
import { ENDPOINT } from './container-body.js';

/** The body of NetworkCreate (Engine API 1.41–1.55). */
export const NETWORK_CREATE_BODY = object({
  Name: text,
  CheckDuplicate: flag,
  Driver: text,
  Scope: text,
  Internal: flag,
  Attachable: flag,
  Ingress: flag,
  ConfigOnly: flag,
  ConfigFrom: object({ Network: text }),
  IPAM: object({
    Driver: text,
    Config: list(object({ Subnet: text, IPRange: text, Gateway: text, AuxiliaryAddresses: map(text) })),
    Options: map(text),
  }),
  EnableIPv4: flag,
  EnableIPv6: flag,
  Options: map(text),
  Labels: map(text),
});

/** The body of VolumeCreate. Cluster volumes are the swarm's. */
export const VOLUME_CREATE_BODY = object({
  Name: text,
  Driver: text,
  DriverOpts: map(text),
  Labels: map(text),
});

/** The body of NetworkConnect. */
export const NETWORK_CONNECT_BODY = object({
  Container: text,
  EndpointConfig: ENDPOINT,
});

/** The body of NetworkDisconnect. */
export const NETWORK_DISCONNECT_BODY = object({ Container: text, Force: flag });
