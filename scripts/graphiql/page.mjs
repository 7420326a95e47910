/* global document, localStorage, location, Worker */
// What the browser runs at GET /graphql: GraphiQL with one place to sign in, the Headers editor.
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createElement, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

const ENDPOINT = '/graphql';
const HEADERS_TEMPLATE = '{\n  "Authorization": "Bearer "\n}';
const FIRST_QUERY = `# Sign in: POST /api/v1/auth/login answers with an
# accessToken. Put it, or an API token, behind "Bearer "
# in the Headers tab below. It is kept until this page
# is closed or reloaded, and never stored.

{
  containers(engine: "local", first: 10) {
    edges {
      node {
        name
        image
        state
      }
    }
  }
}
`;
/** Pause in typing after which the token in the Headers editor counts as complete. */
const TYPING_PAUSE_MS = 500;

// The editor's language services. URLs of our own server, so that the page's policy needs no blob: workers.
globalThis.MonacoEnvironment = {
  getWorker: (_moduleId, language) => {
    const name = language === 'graphql' || language === 'json' ? language : 'editor';
    return new Worker(new URL(`./${name}.worker.js`, import.meta.url), { type: 'module' });
  },
};

/**
 * Sends queries by HTTP and subscriptions by graphql-transport-ws, both with the headers of the Headers editor: by
 * WebSocket they are the connectionParams. The token given last stands in where a new tab still shows the template.
 */
function createFetcher(lastToken) {
  const socketUrl = new URL(ENDPOINT, location.href);
  socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return (operation, options = {}) => {
    const headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    if (lastToken !== '' && /^bearer\s*$/i.test(headers.authorization ?? ''))
      headers.authorization = `Bearer ${lastToken}`;
    // Connects only when a subscription starts. No retries: who tries things out wants to see what went wrong.
    const wsClient = createClient({ url: socketUrl.href, connectionParams: headers, retryAttempts: 0 });
    const send = createGraphiQLFetcher({ url: ENDPOINT, wsClient, enableIncrementalDelivery: false });
    return send(operation, { ...options, headers });
  };
}

/** localStorage without tokens: GraphiQL's history keeps the headers of every operation, whatever its settings say. */
const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value.replaceAll(/(bearer\s+)[\w.~+/=-]{16,}/gi, '$1')),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

/** The token in the text of the Headers editor, which may be in the middle of being typed; '' while there is none. */
function tokenIn(headersText) {
  return /"authorization"\s*:\s*"bearer\s+([^"\s]+)"/i.exec(headersText)?.[1] ?? '';
}

function Page() {
  const [token, setToken] = useState('');
  const typing = useRef(undefined);
  // GraphiQL asks for the schema again whenever its fetcher changes: that is, on signing in.
  const fetcher = useMemo(() => createFetcher(token), [token]);

  const onEditHeaders = (text) => {
    clearTimeout(typing.current);
    const found = tokenIn(text);
    if (found !== '') typing.current = setTimeout(() => setToken(found), TYPING_PAUSE_MS);
  };

  return createElement(GraphiQL, {
    fetcher,
    // null: do not ask for the schema yet, the server shows it to nobody who has not signed in.
    schema: token === '' ? null : undefined,
    storage,
    defaultQuery: FIRST_QUERY,
    defaultHeaders: HEADERS_TEMPLATE,
    defaultEditorToolsVisibility: 'headers',
    onEditHeaders,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  });
}

createRoot(document.getElementById('graphiql')).render(createElement(Page));
