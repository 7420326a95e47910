/** `pending` → `delivered`, or `failed` when it was given up. Sent again, it is `pending` again. */
export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];
