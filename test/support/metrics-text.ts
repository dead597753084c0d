/** One metric as Prometheus reads it. */
export interface MetricText {
  readonly help: string;
  readonly type: string;
  /** The value of each line, by its name and labels. */
  readonly values: Readonly<Record<string, number>>;
}

const sample = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*\})? (\S+)$/;

/**
 * Reads the text of `/metrics` as Prometheus does.
 * @throws when a line is none of the format, belongs to no metric, or comes twice
 */
export function readMetrics(text: string): Record<string, MetricText> {
  const metrics: Record<string, { help: string; type: string; values: Record<string, number> }> = {};
  let name = "";
  for (const line of text.split("\n").filter(Boolean)) {
    const [, help, helpText = ""] = line.match(/^# HELP (\S+) (.+)$/) ?? [];
    const [, typed, type = ""] = line.match(/^# TYPE (\S+) (counter|gauge|histogram)$/) ?? [];
    const [, sampled, labels = "", value = ""] = line.match(sample) ?? [];
    if (help && !metrics[help]) {
      name = help;
      metrics[name] = { help: helpText, type: "", values: {} };
      continue;
    }
    const metric = metrics[name];
    if (metric && typed === name && !metric.type) metric.type = type;
    else if (metric && sampled && isOf(sampled, name, metric.type) && !(sampled + labels in metric.values)) {
      metric.values[sampled + labels] = numberOf(value);
    } else throw new Error(`Prometheus cannot take this line here: ${line}`);
  }
  return metrics;
}

/** The sum over all labels of a metric, or of the lines with these. */
export function sumOf(metrics: Record<string, MetricText>, name: string, labels = ""): number {
  const family = metrics[name] ?? metrics[name.replace(/_(count|sum)$/, "")];
  const values = Object.entries(family?.values ?? {});
  return values.reduce((sum, [key, value]) => {
    return (key === name || key.startsWith(`${name}{`)) && key.includes(labels) ? sum + value : sum;
  }, 0);
}

function isOf(sampled: string, name: string, type: string): boolean {
  if (type === "histogram") return ["_bucket", "_sum", "_count"].some((part) => sampled === name + part);
  return type !== "" && sampled === name;
}

function numberOf(value: string): number {
  const number = /^[+-]?Inf$/.test(value) ? Number(value.replace("Inf", "Infinity")) : Number(value);
  if (Number.isNaN(number) && value !== "Nan" && value !== "NaN") throw new Error(`This is no number: ${value}`);
  return number;
}
