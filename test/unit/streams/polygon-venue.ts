import { field, text } from '../../../src/streams/wire/own-fields.ts';
import { ScriptedVenue, type VenueLink, type VenueScript } from './scripted-venue.ts';

export interface PolygonScript extends VenueScript {
  /** Status of the answer to the authentication, instead of a welcome. */
  authStatus: string | undefined;
  /** A status right after the welcome, and the code of the close that follows it. */
  afterWelcome: { readonly status: string; readonly close: number | undefined } | undefined;
  /** Topics that are refused, by their beginning: `T.`, `Q.IBM`. */
  notAuthorized: readonly string[];
  /** Topics that are neither confirmed nor refused, by their beginning. */
  silent: readonly string[];
  /** Does a refusal say of what it is? */
  namesTopics: boolean;
  /** Answers of a request in one frame, or a frame each. */
  isOneFrame: boolean;
}

export type PolygonVenue = ScriptedVenue<PolygonScript>;

/** Polygon's stocks socket: a status for each topic, and connections counted after the welcome. */
export function polygonVenue(): PolygonVenue {
  return new ScriptedVenue<PolygonScript>({
    script: {
      upgrade: undefined,
      isDead: false,
      authStatus: undefined,
      afterWelcome: undefined,
      notAuthorized: [],
      silent: [],
      namesTopics: false,
      isOneFrame: false,
    },
    welcome: [status('connected', 'Connected Successfully')],
    hear(venue, link, request) {
      const action = field(request, 'action');
      if (action === 'auth') return authenticate(venue, link);
      if (!link.isAuthenticated) return venue.say(link, [status('error', 'not authenticated')]);
      change(venue, link, request, action === 'subscribe');
    },
  });
}

export function status(of: string, message: string): object {
  return { ev: 'status', status: of, message };
}

function authenticate(venue: PolygonVenue, link: VenueLink): void {
  const { authStatus, afterWelcome } = venue.script;
  if (authStatus !== undefined) {
    venue.say(link, [status(authStatus, 'refused')]);
    return venue.later(() => venue.close(link, 1_008));
  }
  link.isAuthenticated = true;
  venue.say(link, [status('auth_success', 'authenticated')]);
  if (afterWelcome === undefined) return;
  venue.later(() => {
    venue.say(link, [status(afterWelcome.status, 'said after the welcome')]);
    if (afterWelcome.close !== undefined) venue.close(link, afterWelcome.close);
  });
}

function change(venue: PolygonVenue, link: VenueLink, request: unknown, isMore: boolean): void {
  const { notAuthorized, silent, namesTopics, isOneFrame } = venue.script;
  const topics = (text(field(request, 'params')) ?? '').split(',');
  const answers = topics
    .filter((topic) => !silent.some((begin) => topic.startsWith(begin)))
    .map((topic) => {
      if (notAuthorized.some((begin) => topic.startsWith(begin))) {
        return status('error', namesTopics ? `not authorized: ${topic}` : 'not authorized');
      }
      const [kind = '', ...rest] = topic.split('.');
      const list = link.lists.get(kind) ?? new Set();
      link.lists.set(kind, list);
      if (isMore) list.add(rest.join('.'));
      else list.delete(rest.join('.'));
      return status('success', `${isMore ? 'subscribed' : 'unsubscribed'} to: ${topic}`);
    });
  if (isOneFrame) venue.say(link, answers);
  else for (const answer of answers) venue.say(link, [answer]);
}
