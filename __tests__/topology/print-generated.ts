// Prints what `npm run generate` would write. A process of its own: the formatter of the types can't run inside jest.
import { generated } from "../../scripts/generated";

generated().then((files) => process.stdout.write(JSON.stringify(files)));
