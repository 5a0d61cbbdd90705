/**
 * The frame that law sets around a city's periods, ratios and amounts.
 *
 * A city chooses lengths inside this frame; it may be stricter, never laxer. The frame is code and not part
 * of a city's file, so that no file can lower its own floor. `confidence`: T statute text read, S secondary
 * source, M remembered or our own proposal, to be confirmed by the city's lawyer.
 */
export * from './law/assemblies';
export * from './law/frame';
export * from './law/periods';
export * from './law/ratios';
