/**
 * Words of finance as traders read them, our own list. `_` stands between the words of a phrase.
 * Where a verb is regular, `verbs` lists the bare form and its others are made by rule.
 */
export interface Lexicon {
  /** -3 to 3: how good or bad the word is by itself. */
  readonly tones: ReadonlyMap<string, number>;
  /** 1 for up, -1 for down: good or bad only with what moves. */
  readonly directions: ReadonlyMap<string, number>;
  /** 1 where more is better, -1 where more is worse. */
  readonly subjects: ReadonlyMap<string, number>;
  /** Words that say that something is not certain, with how much. */
  readonly doubts: ReadonlyMap<string, number>;
  readonly negators: ReadonlySet<string>;
  /** What the word before makes of a tone: 1.5 for `sharply`, 0.5 for `slightly`. */
  readonly degrees: ReadonlyMap<string, number>;
  /** Between a number and what it is compared with. */
  readonly comparators: ReadonlySet<string>;
  /** Words of the longest phrase. */
  readonly phraseWordsMax: number;
}

interface Entry {
  readonly weight: number;
  readonly words?: string;
  readonly verbs?: string;
}

const TONES: readonly Entry[] = [
  {
    weight: 3,
    words: `record_high record_highs all_time_high blowout windfall breakthrough fda_approval
      raises_guidance raised_guidance raises_outlook raised_outlook raises_forecast
      beats_expectations beat_expectations beats_estimates beat_estimates tops_estimates
      topped_estimates better_than_expected above_expectations ahead_of_expectations
      stronger_than_expected higher_than_expected smaller_loss_than_expected investment_grade
      raises_dividend raised_dividend special_dividend turned_profitable return_to_profit
      returned_to_profit swung_to_profit swung_to_a_profit back_to_profit back_in_the_black`,
  },
  {
    weight: 2,
    words: `beat beats outpaced strong stronger strongest robust excellent outstanding superb
      impressive record profitable bullish buoyant booming boom rally rallied rallies upbeat
      upgrade upgraded upgrades outperformance buyback buybacks share_repurchase oversubscribed
      lucrative competitive_advantage market_leader market_leading best_selling award_winning
      positive_impact well_positioned cost_savings cost_saving savings synergy synergies
      added_value turnaround fda_clearance approved delighted new_orders big_order major_order
      won wins winning winner awarded awards won_a_contract won_an_order market_share_gain
      market_share_gains debt_free upside`,
    verbs: `outperform improve strengthen boost surpass accelerate rebound recover flourish
      thrive excel prosper enhance`,
  },
  {
    weight: 1,
    words: `signed wonderful fantastic well_received good better best great positive positively
      favourable favorable favorably favourably healthy solid attractive efficient efficiency
      efficiently successful successfully success confident confidence optimistic optimism
      pleased satisfied happy progress advantage advantages benefit benefits beneficial
      opportunity opportunities growth growing growth_strategy expansion innovative innovation
      leader reliable reliability gains recovery rebound improvement improvements momentum
      resilient resilience profitability agreement partnership cooperation alliance
      contract_worth order_worth letter_of_intent memorandum_of_understanding new_contract
      new_order received_an_order receives_order won_order wins_order signed_a_contract
      signs_contract signed_an_agreement signs_agreement signed_a_deal launch_of
      long_term_agreement frame_agreement framework_agreement contract_with easier faster fastest
      safer smoother renewed popularity accretive undervalued dividend_increase upturn pickup
      cost_effective cost_efficient environmentally_friendly expertise`,
    verbs: `achieve attain exceed benefit gain reward win optimise optimize upgrade expand
      modernise modernize complement attract`,
  },
  {
    // Terms that hold a word of the lists and mean nothing by it.
    weight: 0,
    words: `record_date shareholders_of_record of_record interest_group interest_groups
      risk_free soft_drink soft_drinks fixed_assets fair_value share_capital voting_rights
      shares_and_voting_rights number_of_shares before_taxes before_tax after_tax after_taxes
      market_making concern_with option_rights rights_offering`,
  },
  {
    weight: -1,
    words: `bad worse worst poor poorly weak weaker weakest weakness softer sluggish slow slower
      slowest slowdown slowing difficult difficulty difficulties challenging challenge_from
      problem problems trouble troubled concerns worried worry worries fear fears negative
      negatively adverse adversely unfavourable unfavorable pressure pressured headwind headwinds
      disappointed cautious caution delay delays delayed postponed postpone postpones suspended
      suspend suspends suspension shortage shortages disruption disruptions interrupted dispute
      disputes strike strikes lawsuit lawsuits litigation sued sues complaint complaints
      investigation investigated probe subpoena inquiry allegation allegations alleged fined
      penalty penalties violation violations violated cancelled canceled cancellation
      cancellations terminated termination closure closures shut shutdown shutting downturn
      overcapacity oversupply unprofitable uncompetitive expensive costly burden burdened
      vulnerable instability volatile decline declines redundant dilution dilutive overvalued
      correction outflow outflows stagnant stagnation flat_demand personnel_negotiations
      codetermination_negotiations statutory_negotiations outage outages stuck leak leakage spill
      accident recalled recall recalls scam infringement infringed bearish pessimistic
      no_longer_needed no_longer_be_needed loss losses loss_making shortfall`,
    verbs: `weaken deteriorate worsen suffer struggle fail hurt harm damage hamper hinder erode
      disappoint miss stall stagnate dilute undermine complain`,
  },
  {
    weight: -2,
    words: `warning warns warned downgrade downgraded downgrades miss_estimates misses_estimates
      missed_estimates misses_expectations missed_expectations below_expectations
      worse_than_expected weaker_than_expected lower_than_expected short_of_expectations
      larger_than_expected_loss disappointing disappointment slump crisis recession turmoil
      lay_off lay_offs laid_off layoff layoffs lays_off laying_off job_cuts job_losses
      redundancies redundancy dismissals dismissed dismiss cut_jobs cuts_jobs cutting_jobs
      jobs_will_be restructuring_charge impairment impairments writedown writedowns write_down
      write_downs write_off write_offs written_down capital_loss net_loss operating_loss
      pretax_loss pre_tax_loss breach breached guilty convicted indicted cuts_dividend
      cut_dividend dividend_cut suspends_dividend suspended_dividend cuts_guidance cut_guidance
      cuts_outlook cut_outlook lowers_guidance lowered_guidance lowers_outlook lowered_outlook
      lowered_forecast class_action antitrust halted halt halts sell_off selloff junk_status
      fixed_term_lay_offs staff_reduction staff_reductions personnel_reduction
      personnel_reductions staff_cuts cut_staff delisted delisting margin_call`,
    verbs: `underperform`,
  },
  {
    weight: -3,
    words: `profit_warning profit_warnings bankrupt bankruptcy chapter_11 insolvent insolvency
      liquidation going_concern default defaulted defaults fraud fraudulent embezzlement
      accounting_scandal restatement collapse collapsed collapses crash crashed crashes plunge
      ponzi_scheme swung_to_a_loss swung_to_loss swung_to_a_net_loss slipped_to_a_loss
      slipped_to_a_net_loss slipped_to_a_pretax_loss fell_into_the_red debt_crisis foreclosure
      catastrophe catastrophic disaster record_low fda_rejection complete_response_letter`,
  },
];

const DIRECTIONS: readonly Entry[] = [
  {
    weight: 1,
    words: `rise rises rose risen rising grow grows grew grown up higher increase increases
      increased increasing double doubles doubled doubling triple tripled quadrupled
      more_than_doubled almost_tripled go_up goes_up went_up gone_up hike hikes hiked uptick
      lifted lift highest higher_than increase_in upward widened widening widen wider larger
      bigger surged`,
    verbs: `jump climb surge soar advance swell leap edge_up tick_up raise`,
  },
  {
    weight: -1,
    words: `fall falls fell fallen falling down lower decrease decreases decreased decreasing
      shrink shrinks shrank shrunk shrinking sink sinks sank sunk sinking slide slides slid
      sliding cut cuts cutting go_down went_down gone_down halve halved halving lowest downward
      drops dropped dropping drop slipped slips slipping slip smaller plunged plunges plunging
      shed sheds contracted contracting lost lose loses losing reduction reductions reducing`,
    verbs: `decline plummet tumble slump dip reduce lower narrow dwindle diminish trim ease`,
  },
];

const SUBJECTS: readonly Entry[] = [
  {
    weight: 1,
    words: `profit_before_taxes profit_before_tax profit_after_taxes profit_after_tax
      result_before_taxes results_before_taxes result_after_taxes earnings_before_taxes
      earnings_per_share profit_per_share profit profits earnings income revenue revenues sales
      ebit ebitda ebita eps margin margins turnover dividend dividends order orders backlog
      order_book cash_flow cashflow result results share shares stock stocks price prices demand
      growth market_share profitability output volume volumes deliveries delivery bookings
      traffic passengers productivity value return roi roe production exports subscribers
      customers outlook guidance forecast estimate target rating capacity liquidity assets nav
      index investment investments market business lending popularity efficiency equity_ratio
      capacity_utilisation consumption premiums fees receipts shipments users memberships gdp
      employment wages confidence stake payout proceeds`,
  },
  {
    weight: -1,
    words: `loss_per_share losses_per_share loss losses net_loss operating_loss pretax_loss
      pre_tax_loss cost costs expense expenses debt debts liabilities unemployment claims
      defaults charge charges impairment impairments taxes tax_rate risk risks churn delays
      complaints bad_debt credit_losses loan_losses inventories spending downtime emissions
      absences injuries deficit shortfall cash_burn interest_expense`,
  },
];

const DOUBTS: readonly Entry[] = [
  {
    weight: 1,
    words: `may might could possibly possible perhaps maybe probable probably likely unlikely
      appear appears apparently seem seems suggest suggests believe believes expect expects
      expected anticipate anticipates estimate estimated approximately roughly assume assumes
      assumption plan plans intend intends consider considers considering contemplate pending
      tentative preliminary subject_to depend depends depending conditional contingent
      contingency explore exploring review reviewing talks rumour rumours rumor rumors reportedly
      speculation speculate speculates potential potentially`,
  },
  {
    weight: 2,
    words: `uncertain uncertainty uncertainties unclear unknown unpredictable doubt doubts
      doubtful risk risks risky ambiguous undetermined unresolved volatile volatility
      questionable remains_to_be_seen cannot_be_predicted no_assurance unsettled instability
      hesitant`,
  },
];

const DEGREES: readonly Entry[] = [
  {
    weight: 1.5,
    words: 'sharply significantly dramatically substantially massively steeply hugely',
  },
  {
    weight: 1.3,
    words: 'very strongly considerably markedly clearly much extremely highly heavily',
  },
  { weight: 1.2, words: 'more further rapidly quickly  well big large major' },
  {
    weight: 0.5,
    words: 'slightly marginally somewhat modestly a_bit a_little partly mildly barely',
  },
];

const NEGATORS = `not no never none neither nor without cannot hardly scarcely fail_to failed_to
      fails_to unable_to lack_of far_from instead_of rather_than avoid avoids avoided despite`;
const COMPARATORS = `compared_to compared_with as_compared_to as_compared_with versus vs against
      in_comparison_to in_comparison_with from`;

export const LEXICON: Lexicon = build();

function build(): Lexicon {
  const tones = weights(TONES);
  const directions = weights(DIRECTIONS);
  const subjects = weights(SUBJECTS);
  const doubts = weights(DOUBTS);
  const degrees = weights(DEGREES);
  const negators = new Set(words(NEGATORS));
  const comparators = new Set(words(COMPARATORS));
  const tables = [tones, directions, subjects, doubts, degrees, negators, comparators];
  const lengths = tables.flatMap((table) => [...table.keys()]).map((key) => key.split('_').length);
  const phraseWordsMax = lengths.reduce((most, length) => Math.max(most, length), 1);
  return { tones, directions, subjects, doubts, negators, degrees, comparators, phraseWordsMax };
}

function weights(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const { weight, words: bare = '', verbs = '' } of entries) {
    for (const word of [...words(bare), ...words(verbs).flatMap(inflected)]) {
      // The first list that has a word is the stronger one of its sign.
      if (!table.has(word)) table.set(word, weight);
    }
  }
  return table;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** `improve improves improved improving`; of a phrase, its first word is the verb. */
function inflected(phrase: string): readonly string[] {
  const [verb = '', ...rest] = phrase.split('_');
  const forms = [verb, ...formsOf(verb)];
  return forms.map((form) => [form, ...rest].join('_'));
}

function formsOf(verb: string): readonly string[] {
  if (verb.endsWith('e')) return [`${verb}s`, `${verb}d`, `${verb.slice(0, -1)}ing`];
  if (/[^aeiou]y$/.test(verb)) {
    return [`${verb.slice(0, -1)}ies`, `${verb.slice(0, -1)}ied`, `${verb}ing`];
  }
  if (/(?:s|x|ch|sh)$/.test(verb)) return [`${verb}es`, `${verb}ed`, `${verb}ing`];
  // One syllable with one vowel before one consonant doubles it: dip, trim, win.
  const isDoubled = /^[^aeiou]*[aeiou][^aeiouwxy]$/.test(verb);
  const stem = isDoubled ? verb + verb.slice(-1) : verb;
  return [`${verb}s`, `${stem}ed`, `${stem}ing`];
}
