import type { Command } from "commander";

/**
 * Adds `help [command…]` to a command with subcommands, in place of Commander's: that one answers an unknown name with
 * the whole help and without a word about the name.
 */
export function addHelpCommand(group: Command): void {
  group.helpCommand(false);
  group
    .command("help")
    .summary("show what a command does and takes")
    .description("Shows what a command does and takes; without a command, what there is.")
    .argument("[command...]", "a command, such as search or eval run")
    .action(async (names: readonly string[]) => {
      let shown = group;
      for (const name of names) {
        if (shown.commands.length === 0) break;
        const next = shown.commands.find((command) => command.name() === name);
        if (next === undefined) {
          // Parsed by its name alone, an unknown command is refused with the names that are similar.
          await rootOf(group).parseAsync([...namesOf(shown), name], { from: "user" });
          return;
        }
        shown = next;
      }
      shown.help();
    });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** The words by which a command is called, without the program's own name. */
function namesOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...namesOf(command.parent), command.name()];
}
