/** `npm run build:web`: builds the pages into web/dist, from where the API serves them. */
import { buildPages } from './pages/build';

buildPages((line) => console.log(line)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
