import type { RowOf } from '@/patterns/list/types';

/** One thing that was seen of a message. */
export type DeliveryEvent = RowOf<'/api/v1/campaigns/campaigns/{id}/events'>;
/** One answer of the contact door. */
export type ContactDecision = RowOf<'/api/v1/campaigns/contact-decisions'>;
