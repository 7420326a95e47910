import { randomBytes, randomInt } from 'node:crypto';

const MAX_COUNTER = 0xfff;

let lastMillisecond = -1;
let counter = 0;

/**
 * A UUID version 7 (RFC 9562, section 5.7): its text sorts by time. The 12 bits after the time are a counter
 * (section 6.2, method 1), so that ids made by one process are strictly increasing even within a millisecond or when
 * the clock steps back.
 *
 * @param now milliseconds since the epoch
 */
export function uuidV7(now: number): string {
  if (now > lastMillisecond) {
    lastMillisecond = now;
    counter = randomInt(0, (MAX_COUNTER + 1) / 2);
  } else if (counter < MAX_COUNTER) {
    counter++;
  } else {
    lastMillisecond++;
    counter = 0;
  }
  const time = lastMillisecond.toString(16).padStart(12, '0');
  const sequence = counter.toString(16).padStart(3, '0');
  const random = randomBytes(8);
  random.writeUInt8((random.readUInt8(0) & 0x3f) | 0x80, 0); // the variant of RFC 9562
  const tail = random.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** Whether `text`, given by a caller, has the form of a UUID in lower case. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
