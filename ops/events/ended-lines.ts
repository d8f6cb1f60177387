/** The leavers of the last days who may still have access although their events are finished. */
interface Ended {
  /** How many have no account. */
  without: number | undefined;
  /** How many were only tried, in a dry run. */
  tried: number | undefined;
  dryRun: boolean | null;
}

/** Finished is not silent: who left and may still have access. */
export function endedLines({ without = 0, tried = 0, dryRun }: Ended, again: (command: string) => string): string[] {
  return [
    ...(without === 0
      ? []
      : [
          `without an account: ${without}; if one of them has an account, they keep it`,
          `  ${again('list --status no-account --since 7d')}`,
        ]),
    ...(tried === 0
      ? []
      : [
          `only tried, and still active: ${tried}${dryRun ? '; after you have taken dryRun out of the stage and deployed:' : ''}`,
          `  ${again('plan replay --status would-deactivate --note "why" --out plan.json')}`,
        ]),
  ];
}
