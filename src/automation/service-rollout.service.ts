import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { canonicalReference, familiarReference, parseImageReference } from '../common/image-reference.js';
import type { EngineHandle, ServiceDocument } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { registryAuth } from '../images/image-puller.js';
import type { JobContext } from '../jobs/jobs.service.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { ServiceConvergenceService } from '../services/service-convergence.service.js';
import { ServiceEditsService } from '../services/service-edits.service.js';
import type { ActionInput } from './action.inputs.js';

/** Changes the image of a service or how many replicas it has, and waits until the swarm has done so. */
@Injectable()
export class ServiceRollout {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
    private readonly edits: ServiceEditsService,
    private readonly convergence: ServiceConvergenceService,
  ) {}

  /**
   * @param action of the kind `updateService`
   * @throws DomainError `engine_error` where the swarm gave up, or went back; `engine_timeout` where it was not done in time; as
   *   an update of a service
   */
  async updateImage(action: ActionInput, job: JobContext): Promise<object> {
    const { engine, target: id = '' } = action;
    const handle = this.gate.as(job.actor).engine(engine);
    const known = imageOf((await handle.object('service', id, { fresh: true })).document);
    const image = await this.pinned(handle, wantedImage(known, action), job);
    // With nothing changed the swarm would do nothing, though the tag may have moved.
    if (image === known) await this.edits.restart(job.actor, { engine, id }, {});
    else await this.edits.update(job.actor, { engine, id }, { image });
    return { image, ...(await this.converged(action, job)) };
  }

  /** @param action of the kind `scaleService` @throws as `updateImage` */
  async scale(action: ActionInput, job: JobContext): Promise<object> {
    const { engine, target: id = '', replicas } = action;
    if (replicas === undefined) throw new DomainError('invalid_input', 'It does not say how many replicas');
    await this.edits.scale(job.actor, { engine, id }, { replicas });
    return this.converged(action, job);
  }

  private converged(action: ActionInput, job: JobContext): Promise<object> {
    const { engine, target: id = '', timeoutSeconds } = action;
    const options = {
      expects: 'change',
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    } as const;
    return this.convergence.work(job, { engine, id }, options);
  }

  /** With the digest that the tag has in its registry now, so that all nodes run the same; as it is where that is not known. */
  private async pinned(handle: EngineHandle, image: string, { actor }: JobContext): Promise<string> {
    if (image.includes('@') || !(await handle.mayEver('distribution:get'))) return image;
    try {
      const headers = registryAuth(await this.credentials.authHeaderFor(actor, image));
      const name = canonicalReference(parseImageReference(image));
      const { body } = await handle.json<{ Descriptor?: { digest?: string } }>('DistributionInspect', {
        params: { name },
        headers,
      });
      const digest = body.Descriptor?.digest;
      return digest === undefined ? image : `${image}@${digest}`;
    } catch (error) {
      if (error instanceof DomainError) return image; // an image that no registry has may be on the nodes
      throw error;
    }
  }
}

/** @throws DomainError `conflict` for a service of another kind, such as of a plugin */
function imageOf({ Spec }: ServiceDocument): string {
  const image = Spec.TaskTemplate?.ContainerSpec?.Image;
  if (image === undefined) throw new DomainError('conflict', 'The service runs no container');
  return image;
}

function wantedImage(image: string, { tag, digest }: ActionInput): string {
  const { domain, path, ...known } = parseImageReference(image);
  const named = tag ?? known.tag ?? 'latest';
  return familiarReference({ domain, path, tag: named, ...(digest === undefined ? {} : { digest }) });
}
