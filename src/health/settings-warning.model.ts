import { ObjectType } from '@nestjs/graphql';
import { OutText } from '../common/output-fields.js';
import { PageOf } from '../common/pagination.js';

@ObjectType({ description: 'A setting of Dockmaster that is less safe than it could be.' })
export class SettingsWarning {
  @OutText('The check that it comes from.')
  name!: string;

  @OutText('What is unsafe, and what to do about it.')
  message!: string;
}

export class SettingsWarningPage extends PageOf(SettingsWarning) {}
