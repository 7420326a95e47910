import { OutChoice } from '../common/output-fields.js';

export class HealthStatus {
  @OutChoice(['ok'], 'Always `ok`: what is not is a problem document.')
  status!: 'ok';
}
