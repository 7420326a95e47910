import { InText } from '../common/input-fields.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The input field of an id that Dockmaster gave. */
export const InId = (description: string, options: { optional?: boolean } = {}): PropertyDecorator =>
  InText({
    description,
    min: 36,
    max: 36,
    pattern: UUID,
    patternHint: 'an id, such as 01890a5d-ac96-774b-bcce-b302099a8057: it takes the id, not the name',
    hintSaysAll: true,
    example: '01890a5d-ac96-774b-bcce-b302099a8057',
    ...options,
  });
