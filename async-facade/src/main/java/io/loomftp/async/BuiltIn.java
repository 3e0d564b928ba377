package io.loomftp.async;

import java.util.Iterator;

/** Items of a filter of this package: between two of them no time passes but that for reading the data. */
record BuiltIn(Iterator<?> items) implements Iterator<Object> {
  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  @Override
  public Object next() {
    return items.next();
  }
}
