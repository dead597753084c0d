import type { Workload } from "./workload.ts";
import { coldStart } from "./workloads/cold-start.ts";
import { dataSize } from "./workloads/data-size.ts";
import { hotJoin } from "./workloads/hot-join.ts";
import { jobs } from "./workloads/jobs.ts";
import { openingMinute } from "./workloads/opening-minute.ts";
import { race } from "./workloads/race.ts";
import { detail, list, viewerPage } from "./workloads/reads.ts";
import { spreadJoin } from "./workloads/spread-join.ts";
import { staff } from "./workloads/staff.ts";
import { stampede } from "./workloads/stampede.ts";

/** All workloads, in the order in which they are measured. */
export const workloads: readonly Workload[] = [
  race,
  hotJoin,
  spreadJoin,
  stampede,
  list,
  detail,
  viewerPage,
  openingMinute,
  coldStart,
  dataSize,
  jobs,
  staff,
];
