import type { Kysely } from 'kysely';

/** Signing in by OpenID Connect, and second factors. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createOidc(db);
  await createSecondFactors(db);
}

async function createOidc(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('oidc_identity')
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('user_account.id').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_sign_in_at', 'bigint')
    .addPrimaryKeyConstraint('oidc_identity_key', ['issuer', 'subject'])
    .addUniqueConstraint('oidc_identity_of_user', ['user_id', 'issuer'])
    .execute();

  await db.schema
    .createTable('oidc_transaction')
    .addColumn('id_hash', 'text', (column) => column.primaryKey())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('subscriber', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('oidc_transaction_by_end')
    .on('oidc_transaction')
    .column('expires_at')
    .execute();
  await db.schema
    .createIndex('oidc_transaction_by_subscriber')
    .on('oidc_transaction')
    .columns(['subscriber', 'created_at'])
    .execute();

  await db.schema
    .createTable('oidc_team_member')
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('oidc_team_member_key', ['team_id', 'user_id'])
    .addForeignKeyConstraint(
      'oidc_team_member_of',
      ['team_id', 'user_id'],
      'team_member',
      ['team_id', 'user_id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('oidc_team_member_by_user').on('oidc_team_member').column('user_id').execute();
}

async function createSecondFactors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('totp')
    .addColumn('user_id', 'text', (column) =>
      column.primaryKey().references('user_account.id').onDelete('cascade'),
    )
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addColumn('last_step', 'bigint', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('recovery_code')
    .addColumn('user_id', 'text', (column) => column.notNull().references('totp.user_id').onDelete('cascade'))
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('recovery_code_key', ['user_id', 'hash'])
    .execute();
}
