/* The answer to a time line: episodes. Pure. */

const PARTS = ['start', 'end', 'kind', 'cause'];

export const completeEpisodes = (answer) => ({
  episodes: (Array.isArray(answer?.episodes) ? answer.episodes : []).filter((one) => typeof one === 'object' && one !== null),
});

export const withEpisode = ({ episodes }, at, change) => ({ episodes: episodes.map((one, place) => (place === at ? { ...one, ...change } : one)) });

export const withoutEpisode = ({ episodes }, at) => ({ episodes: episodes.filter((_, place) => place !== at) });

const isEmpty = (episode) => PARTS.every((part) => !String(episode[part] ?? '').trim());

/* What is handed in: what is left empty is none. Places of lines are those of this list. */
export function episodesToSubmit({ episodes }) {
  const filled = episodes.filter((one) => !isEmpty(one)).map((one) => Object.fromEntries(PARTS.filter((part) => one[part] !== undefined && one[part] !== '').map((part) => [part, one[part]])));
  return filled.length ? { episodes: filled } : {};
}
