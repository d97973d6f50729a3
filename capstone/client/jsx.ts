// What JSX is made of, for the bundler: it puts this into every module that has some.
export { Fragment, h } from "preact";
