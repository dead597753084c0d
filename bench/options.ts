import path from "node:path";
import { Command, InvalidArgumentError } from "commander";

/** The root of the project: the build lies three levels below it. */
export const projectRoot = path.resolve(import.meta.dirname, "../../..");

/** What a person can choose. */
export interface Options {
  /** How many connections send at the same time, one number after the other. */
  readonly connections: readonly number[];
  /** How often each case is measured. */
  readonly runs: number;
  /** How long one run takes. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Streaming replicas of the cluster. */
  readonly replicas: number;
  /** People with a session who join. */
  readonly people: number;
  /** Enrollments in the catalogue of the workloads that read. */
  readonly catalogue: number;
  /** Enrollments in the databases of `data-size`. */
  readonly sizes: readonly number[];
  /** Enrollments that the staff of `staff` look through. */
  readonly staffSize: number;
  readonly stampede: { readonly people: number; readonly seats: number };
  /** Joins whose jobs are done in one run of `jobs`. */
  readonly joinsForJobs: number;
  /** Variables of the server that differ from production's. */
  readonly variables: Readonly<Record<string, string>>;
  /** The folder of the cluster and the logs. It is the bench's own. */
  readonly dataDir: string;
  /** The folder of the results. */
  readonly out: string;
}

const full: Omit<Options, "variables" | "dataDir" | "out" | "replicas"> = {
  connections: [1, 16, 64, 256],
  runs: 3,
  seconds: 5,
  warmUpSeconds: 2,
  people: 20_000,
  catalogue: 50_000,
  sizes: [10_000, 1_000_000],
  staffSize: 1_000_000,
  stampede: { people: 5_000, seats: 100 },
  joinsForJobs: 5_000,
};

const quick: typeof full = {
  connections: [1, 16],
  runs: 1,
  seconds: 0.5,
  warmUpSeconds: 0.2,
  people: 1_000,
  catalogue: 5_000,
  sizes: [1_000, 10_000],
  staffSize: 10_000,
  stampede: { people: 200, seats: 20 },
  joinsForJobs: 100,
};

/** What stands on the command line; the rest comes from `full` or `quick`. */
interface Given extends Partial<Pick<Options, "connections" | "runs" | "seconds" | "sizes">> {
  quick: boolean;
  set: Record<string, string>;
  replicas: number;
  out: string;
  dataDir: string;
}

/** Reads the command line: the names of workloads (all of them when there are none) and the options. */
export function readOptions(argv: readonly string[], workloadNames: readonly string[]) {
  const command = new Command("npm run bench --")
    .argument("[workloads...]", `what to measure: ${workloadNames.join(", ")} (default: all)`)
    .option("--quick", "small counts and one short run: whether it works, not how fast", false)
    .option("--connections <numbers>", "connections, separated by commas", wholeNumbers)
    .option("--runs <number>", "runs of each case", wholeNumber)
    .option("--seconds <seconds>", "length of a run", positiveNumber)
    .option("--sizes <numbers>", "enrollments in the databases of data-size; 10000000 takes long to make", wholeNumbers)
    .option("--replicas <number>", "streaming replicas of the cluster", countFromZero, 1)
    .option("--set <name=value>", "a variable of the server, such as API_PROCESSES=2; may be repeated", addVariable, {})
    .option("--out <folder>", "where the results go", path.join(projectRoot, "bench/results"))
    .option("--data-dir <folder>", "where the cluster lies meanwhile", path.join(projectRoot, ".data/bench"))
    .parse(argv as string[]);
  const { quick: isQuick, set: variables, ...given } = command.opts<Given>();
  const names = command.args.length > 0 ? command.args : workloadNames;
  const unknown = names.filter((name) => !workloadNames.includes(name));
  if (unknown.length > 0)
    command.error(`There is no workload ${unknown.join(", ")}. Choose from: ${workloadNames.join(", ")}.`);
  const options: Options = { ...(isQuick ? quick : full), ...given, variables };
  return { names, options };
}

function wholeNumbers(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(part.trim()));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected whole numbers from 1.");
  return Number(text);
}

function countFromZero(text: string): number {
  return text === "0" ? 0 : wholeNumber(text);
}

function positiveNumber(text: string): number {
  if (!(Number(text) > 0 && Number(text) <= 600)) throw new InvalidArgumentError("Expected seconds, up to 600.");
  return Number(text);
}

function addVariable(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = text.match(/^([A-Z_]+)=(.*)$/) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Expected NAME=value.");
  return { ...before, [name]: value };
}
