// Monaco's three workers, as files of ours: `worker-src 'self'` is enough, no blob and no other host.
// GraphiQL's own `setup-workers/vite` is not meant for an application that is bundled by Vite (its imports are not processed
// when dependencies are bundled first), so the few lines are here.
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphQLWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

window.MonacoEnvironment = {
  getWorker: (_id, label) => {
    switch (label) {
      case 'graphql':
        return new GraphQLWorker();
      case 'json':
        return new JsonWorker();
      default:
        return new EditorWorker();
    }
  },
};
