// `npm run gallery`: draws the pictures of docs/gallery anew. A test compares them with what would be drawn.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawScene, GALLERY, THEMES } from './gallery-scenes.ts';

const FOLDER = fileURLToPath(new URL('../docs/gallery/', import.meta.url));

mkdirSync(FOLDER, { recursive: true });
for (const scene of GALLERY) {
  const { pictures } = await drawScene(scene);
  for (const theme of THEMES) writeFileSync(`${FOLDER}${scene.name}.${theme}.svg`, pictures[theme]);
  process.stderr.write(`docs/gallery/${scene.name}: ${scene.says}\n`);
}
