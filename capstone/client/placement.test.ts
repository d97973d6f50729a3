import { generateKeyBetween } from "fractional-indexing";
import { expect, test } from "vitest";
import { positionAmong } from "../board/predict.ts";
import { indexAt, isSamePlace, placeAt } from "./placement.ts";

const ids = ["a", "b", "c", "d"];

test("a place is said by its neighbours, never by the moving card itself", () => {
  expect(placeAt(ids, "b", 0)).toEqual({ beforeId: "a" });
  expect(placeAt(ids, "b", 2)).toEqual({ afterId: "c", beforeId: "d" });
  expect(placeAt(ids, "b", 3)).toEqual({ afterId: "d" });
  expect(placeAt(ids, "x", 4)).toEqual({ afterId: "d" });
  expect(placeAt([], "x", 0)).toEqual({});
});

test("wherever it is dropped, that is where it ends up", () => {
  const positions: string[] = [];
  for (const _ of ids) positions.push(generateKeyBetween(positions.at(-1) ?? null, null));
  const cards = ids.map((id, index) => ({ id, position: positions[index] ?? "" }));
  for (const moving of [...ids, "new"]) {
    const others = ids.filter((id) => id !== moving);
    for (let index = 0; index <= others.length; index += 1) {
      const position = positionAmong(cards, moving, placeAt(ids, moving, index));
      const after = [...cards.filter(({ id }) => id !== moving), { id: moving, position }];
      const order = after.sort((a, b) => (a.position < b.position ? -1 : 1)).map(({ id }) => id);
      expect(order, `${moving} to ${index}`).toEqual(others.toSpliced(index, 0, moving));
    }
  }
});

test("dropping a card where it was is no move", () => {
  expect(ids.map((_, index) => isSamePlace(ids, "b", index))).toEqual([false, true, false, false]);
  expect(isSamePlace(ids, "x", 0)).toBe(false);
});

test("the index is how many middles are above the pointer, found with few looks", () => {
  let looks = 0;
  const middleOf = (index: number) => {
    looks += 1;
    return index * 10 + 5;
  };
  for (const [point, index] of [
    [-5, 0],
    [4, 0],
    [6, 1],
    [5_004, 500],
    [99_999, 1_000],
  ] as const) {
    looks = 0;
    expect(indexAt(point, 1_000, middleOf)).toBe(index);
    expect(looks).toBeLessThanOrEqual(10);
  }
  expect(indexAt(50, 0, middleOf)).toBe(0);
});
