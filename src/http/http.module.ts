import { Global, Module } from '@nestjs/common';
import { UpgradeRouter } from './upgrade-router.js';

/** What every door shares. */
@Global()
@Module({ providers: [UpgradeRouter], exports: [UpgradeRouter] })
export class HttpModule {}
