// A page with a span editor and nothing else to script: the blind reviews.
import { mountEditor } from "./span_editor.js";

mountEditor();
