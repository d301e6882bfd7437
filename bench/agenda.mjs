// What is to happen when, and a clock that makes it happen. In tests another one does, at once.

/** Things to do, each at its moment, in order; those of one moment in the order in which they were put in. */
export class Agenda {
  #due = [];

  /** When the next is due. */
  get next() {
    return this.#due[0]?.moment ?? Infinity;
  }

  at(moment, act) {
    let low = 0;
    for (let high = this.#due.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.#due[middle].moment <= moment) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#due.splice(low, 0, { moment, act });
  }

  /** Does all that is due by then. */
  until(moment) {
    while (this.next <= moment) {
      this.#due.shift().act();
    }
  }
}

/** The machine's own time, in milliseconds. */
export class RealClock {
  #agenda = new Agenda();
  #armed = Infinity;
  #timer;

  now = () => performance.now();

  at(moment, act) {
    this.#agenda.at(moment, act);
    this.#arm();
  }

  #arm() {
    const { next } = this.#agenda;
    if (next < this.#armed) {
      clearTimeout(this.#timer);
      this.#armed = next;
      this.#timer = setTimeout(() => this.#wake(), Math.max(0, next - this.now()));
    }
  }

  #wake() {
    this.#armed = Infinity;
    this.#agenda.until(this.now());
    if (this.#agenda.next < Infinity) {
      this.#arm();
    }
  }
}

/** A time that passes only when it is told to. */
export class HeldClock {
  #agenda = new Agenda();
  #now = 0;

  now = () => this.#now;

  at(moment, act) {
    this.#agenda.at(moment, act);
  }

  /** Lets time pass until nothing is left to happen. */
  runOut() {
    while (this.#agenda.next < Infinity) {
      this.#now = Math.max(this.#now, this.#agenda.next);
      this.#agenda.until(this.#now);
    }
  }
}
