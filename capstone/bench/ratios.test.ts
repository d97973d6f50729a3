import { describe, expect, test } from "vitest";
import { median, pairedRatios, percentile, type Sample, valuesOf } from "./ratios.ts";

const sample = (server: string, repetition: number, cpu: number): Sample => ({
  server,
  repetition,
  values: { cpu },
});

describe("median", () => {
  test("is the middle one, whatever the order", () => expect(median([9, 1, 5])).toBe(5));
  test("is between the middle two", () => expect(median([4, 1, 2, 100])).toBe(3));
  test("of nothing is no number", () => expect(median([])).toBeNaN());
});

describe("percentile", () => {
  test("is a value that was measured", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile([7], 0.99)).toBe(7);
  });
});

describe("pairedRatios", () => {
  // The machine was ten times slower in the second repetition.
  const samples = [sample("a", 1, 2), sample("b", 1, 4), sample("b", 2, 40), sample("a", 2, 20)];

  test("divides within a repetition", () => {
    expect(pairedRatios(samples, "cpu", "a", "b")).toEqual([0.5, 0.5]);
  });

  test("leaves out a repetition that lacks one of them", () => {
    expect(pairedRatios([...samples, sample("a", 3, 1)], "cpu", "a", "b")).toEqual([0.5, 0.5]);
    expect(pairedRatios(samples, "memory", "a", "b")).toEqual([]);
  });

  test("valuesOf keeps the order of the repetitions", () => {
    expect(valuesOf(samples, "b", "cpu")).toEqual([4, 40]);
  });
});
