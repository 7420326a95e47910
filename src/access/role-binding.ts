import type { SecurityLevel } from '../common/security-level.js';

export const SUBJECT_KINDS = ['user', 'team', 'serviceAccount'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Who gets a role, or who owns an object. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
}

/** Where a role holds. What is given narrows: an object must meet all of it. */
export interface RoleBindingScope {
  /** Engine names; `*` for all engines, also those that come later. */
  readonly engines: readonly string[];
  /** Docker labels, in Kubernetes selector syntax. */
  readonly labelSelector?: string;
  /** Only what the subject, or a team of it, created through Dockmaster. */
  readonly owned?: boolean;
  /** Globs of image repositories, such as `registry.example.com/shop/*`. */
  readonly imageRepositories?: readonly string[];
}

/** Gives `role` to `subject` within `scope`, for containers up to `level`. */
export interface RoleBinding {
  readonly id: string;
  readonly role: string;
  readonly subject: Subject;
  readonly scope: RoleBindingScope;
  readonly level: SecurityLevel;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Id of the user or service account that made it, or `system`. */
  readonly createdBy: string;
}

/** Which role bindings. All that is given must hold. */
export interface RoleBindingFilter {
  readonly role?: string | undefined;
  readonly subjectKind?: SubjectKind | undefined;
  readonly subjectId?: string | undefined;
}
