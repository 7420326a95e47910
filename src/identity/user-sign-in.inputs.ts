import { InputType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';

@InputType({ description: 'Who of the identity provider a user is.' })
export class LinkOidcInput {
  @InText({
    description: "The provider's `sub` for the person: its own id, not a name or address.",
    min: 1,
    max: 255,
    example: '5f0c0f6e-5d1c-4f9a-9b0a-2f6a2d1f3c11',
  })
  subject!: string;
}
