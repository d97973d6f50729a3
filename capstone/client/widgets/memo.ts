import { Component, type FunctionComponent, h } from "preact";

/** Is drawn again only when one of its props is another object. */
export function memo<Props extends object>(Inner: FunctionComponent<Props>) {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = Object.keys(next) as (keyof Props)[];
      const now: Readonly<Partial<Props>> = this.props;
      return names.length !== Object.keys(now).length || names.some((name) => next[name] !== now[name]);
    }

    override render() {
      return h(Inner as FunctionComponent<object>, this.props as object);
    }
  };
}
