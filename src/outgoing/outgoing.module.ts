import { Module } from '@nestjs/common';
import { HostResolver } from './host-resolver.js';
import { OutgoingHttp } from './outgoing-http.js';

/** The one way out to addresses that users name. */
@Module({ providers: [HostResolver, OutgoingHttp], exports: [OutgoingHttp] })
export class OutgoingModule {}
