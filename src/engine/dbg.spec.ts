import { it } from '@jest/globals';
import { text } from 'node:stream/consumers';
import { ScriptedEngine, until } from './scripted-engine.fixture.js';
it('x', async () => {
const engine = await ScriptedEngine.start();
const connection = engine.connect();
const L: string[] = [];
engine.answer = (request, response) => { if (request.url === '/v1.47/events') response.writeHead(200).write('{}'); };
const waiting = connection.json('SystemInfo');waiting.catch((e: unknown)=>L.push('waiting'+String(e)));
const { body } = await connection.stream('SystemEvents');
L.push('stream');
const streaming = text(body);streaming.catch((e: unknown)=>L.push('streaming'+String(e)));
await until(()=>engine.seen.length===2);
L.push('closing');
await connection.close();
await new Promise(r=>setTimeout(r,300));
L.push('closed'+engine.openConnections + engine.seen.length);
throw new Error(L.join('\n'));
});
