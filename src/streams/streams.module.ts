import { Module } from '@nestjs/common';
import { Streams } from './streams.js';

@Module({
  providers: [{ provide: Streams, useFactory: () => new Streams() }],
  exports: [Streams],
})
export class StreamsModule {}
