import type { NewRoleBinding } from '../../src/access/role-bindings.service.js';
import { RoleBindingsService } from '../../src/access/role-bindings.service.js';
import type { AutomationRun } from '../../src/automation/automation-run.model.js';
import type { CreateHookInput } from '../../src/hooks/hook.inputs.js';
import type { HookReceipt, HookWithToken } from '../../src/hooks/hook.model.js';
import { ServiceAccountsService } from '../../src/identity/service-accounts.service.js';
import type { ChangedSchedule } from '../../src/schedules/schedule.model.js';
import type { CreateScheduleInput } from '../../src/schedules/schedule.inputs.js';
import type { TestActor, TestApp } from './app.js';
import { eventually } from './eventually.js';

const OVER = ['succeeded', 'failed', 'cancelled', 'skipped', 'missed'];

/** A hook that was made, and what it is called by. */
export type MadeHook = HookWithToken & { readonly path: string; readonly token: string };

let made = 0;

/** Makes service accounts, hooks and schedules, and looks at what they lead to. */
export class Automation {
  constructor(
    private readonly app: TestApp,
    private readonly admin: TestActor,
  ) {}

  name(): string {
    return `automation-${++made}`;
  }

  /** @returns its id */
  async serviceAccount(
    bindings: readonly (Pick<NewRoleBinding, 'role'> & Partial<NewRoleBinding>)[] = [{ role: 'developer' }],
  ): Promise<string> {
    const { id } = await this.app.nest.get(ServiceAccountsService).create({ name: this.name() });
    for (const binding of bindings)
      await this.app.nest.get(RoleBindingsService).bind({
        subject: { kind: 'serviceAccount', id },
        scope: { engines: ['*'] },
        createdBy: 'test',
        ...binding,
      });
    return id;
  }

  async hook(
    input: Pick<CreateHookInput, 'action' | 'serviceAccountId'> & Partial<CreateHookInput>,
  ): Promise<MadeHook> {
    const response = await this.app
      .rest(this.admin)
      .post('/api/v1/hooks')
      .send({ name: this.name(), ...input });
    if (response.status !== 201) throw new Error(`not made: ${response.text}`);
    return response.body as MadeHook;
  }

  async schedule(
    input: Pick<CreateScheduleInput, 'action' | 'serviceAccountId' | 'cron'> & Partial<CreateScheduleInput>,
  ): Promise<ChangedSchedule> {
    const response = await this.app
      .rest(this.admin)
      .post('/api/v1/schedules')
      .send({ name: this.name(), ...input });
    if (response.status !== 201) throw new Error(`not made: ${response.text}`);
    return response.body as ChangedSchedule;
  }

  /** Calls a hook, and waits for what becomes of it. */
  async called(hook: MadeHook, body: object = {}): Promise<AutomationRun> {
    const answer = await this.app.rest().post(hook.path).send(body).expect(202);
    return this.ended(hook, (answer.body as HookReceipt).id ?? '');
  }

  /** Seen as its caller sees it. */
  async ended(hook: MadeHook, id: string): Promise<AutomationRun> {
    return eventually(
      async () => (await this.app.rest().get(`${hook.path}/runs/${id}`).expect(200)).body as AutomationRun,
      ({ state }) => OVER.includes(state),
    );
  }

  async runsOf(kind: 'hooks' | 'schedules', id: string): Promise<AutomationRun[]> {
    const answer = await this.app.rest(this.admin).get(`/api/v1/${kind}/${id}/runs`).expect(200);
    return (answer.body as { items: AutomationRun[] }).items;
  }

  /** What the audit trail has of who acted. */
  async audited(serviceAccountId: string): Promise<{ door: string; operation: string; outcome: string }[]> {
    const answer = await this.app
      .rest(this.admin)
      .get('/api/v1/audit')
      .query({ actor: serviceAccountId, limit: 200 })
      .expect(200);
    return (answer.body as { items: { door: string; operation: string; outcome: string }[] }).items;
  }
}
