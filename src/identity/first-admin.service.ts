import { randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { AuditService } from '../audit/audit.service.js';
import { requestContext } from '../common/request-context.js';
import { Settings } from '../config/settings.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { FIRST_ADMIN, InitialPasswordFile } from './initial-password-file.js';
import { PasswordHasher } from './password-hasher.js';
import { checkPassword } from './password-policy.js';
import { UsersService } from './users.service.js';

const SYSTEM = { kind: 'system', id: 'system', name: 'system' } as const;

/**
 * Makes the first admin before the first request, so that there is never a moment in which whoever comes first may
 * make oneself admin. Where there are users, it does nothing: `DOCKMASTER_ADMIN_PASSWORD` resets nobody's password.
 */
@Injectable()
export class FirstAdminService implements OnModuleInit {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly settings: Settings,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly roleBindings: RoleBindingsService,
    private readonly audit: AuditService,
    private readonly file: InitialPasswordFile,
  ) {}

  /** @throws DomainError `invalid_input` for a `DOCKMASTER_ADMIN_PASSWORD` against the rules */
  async onModuleInit(): Promise<void> {
    if ((await this.users.count()) > 0) return;
    const given = this.settings.adminPassword;
    if (given !== undefined) checkPassword(given, FIRST_ADMIN);
    const password = given ?? randomBytes(18).toString('base64url');
    const passwordHash = await this.hasher.hash(password);
    const made = await this.db.transaction().execute(async (transaction) => {
      if (!(await this.insert(passwordHash, transaction))) return false;
      // Within the transaction: a user whose password nobody can know must not come to be.
      if (given === undefined) await this.file.write(password);
      return true;
    });
    this.roleBindings.invalidate();
    if (made) new Logger('Identity').log(`the first admin was made; user: ${FIRST_ADMIN}`);
  }

  /** @returns whether this is the process that made it: replicas may start at the same time */
  private async insert(passwordHash: string, transaction: Database): Promise<boolean> {
    const user = await this.users.insert(FIRST_ADMIN, passwordHash, transaction);
    if (!user) return false;
    await this.roleBindings.bind(
      {
        role: 'admin',
        subject: { kind: 'user', id: user.id },
        scope: { engines: ['*'] },
        level: 'privileged',
        createdBy: SYSTEM.id,
      },
      transaction,
    );
    const target = { targetKind: 'user', targetId: user.id, targetName: user.username };
    await this.audit.succeeded(
      { ...requestContext(), actor: SYSTEM, operation: 'users:create', ...target },
      transaction,
    );
    return true;
  }
}
