import { expect, test } from "vitest";
import { expositionText } from "./exposition.ts";

test("names, types, labels and values as Prometheus reads them", () => {
  const text = expositionText([
    {
      name: "cdc_errors_total",
      help: "Dead letters.\nAll of them",
      type: "counter",
      samples: [
        { labels: { connector: 'a"b\\c\n', table: "t" }, value: 3 },
        { labels: {}, value: 0.5 },
      ],
    },
    { name: "nothing", help: "", type: "gauge", samples: [] },
  ]);

  expect(text).toBe(
    '# HELP cdc_errors_total Dead letters.\\nAll of them\n# TYPE cdc_errors_total counter\ncdc_errors_total{connector="a\\"b\\\\c\\n",table="t"} 3\ncdc_errors_total 0.5\n',
  );
});
