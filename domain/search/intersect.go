package search

// Intersect collects, in order, up to limit keys that are not before from, stand in all lists, and are kept by keep
// (nil keeps all). It leaps from list to list and so costs about as many seeks as the shortest list has keys.
//
// When more is true, next is where to go on with the same lists: after a full page it is the first key of the next
// page; when the work was used up there may be nothing more to come. When more is false the search is complete.
//
// Every Seek is taken off *work; a Union counts as the seeks in its own lists. Having fallen to zero, it ends the
// search, but not before each list was asked once, so that going on always gets further. No lists give no keys. An
// error of a list or of keep ends the search and comes back as it is, with the keys found so far.
func Intersect(
	lists []List,
	from Key,
	limit int,
	work *int,
	keep func(Key) (bool, error),
) (keys []Key, next Key, more bool, err error) {
	if len(lists) == 0 {
		return nil, Key{}, false, nil
	}
	l := leap{lists: lists, target: from, work: work}
	for {
		state, err := l.findMatch()
		if err != nil || state == atEnd {
			return keys, Key{}, false, err
		}
		if state == tired {
			return keys, l.target, true, nil
		}
		kept, err := isKept(l.target, keep)
		if err != nil {
			return keys, Key{}, false, err
		}
		if kept && len(keys) >= limit {
			return keys, l.target, true, nil
		}
		if kept {
			keys = append(keys, l.target)
		}
		var ok bool
		if l.target, ok = l.target.nextKey(); !ok {
			return keys, Key{}, false, nil
		}
	}
}

// The ways in which looking for the next match ends.
type leapState int

const (
	matched leapState = iota // all lists have the target
	atEnd                    // a list has no key left
	tired                    // the work is used up; nothing before the target is left to look at
)

// leap is the state of one intersection.
type leap struct {
	lists  []List
	target Key
	turn   int // the list to ask next
	asked  int // seeks so far
	work   *int
}

// findMatch moves the target on to the first key, from itself on, that all lists have: each list in turn is asked for
// the target and raises it, until as many in a row as there are lists agree.
func (l *leap) findMatch() (leapState, error) {
	for agreed := 0; agreed < len(l.lists); {
		if *l.work <= 0 && l.asked >= len(l.lists) {
			return tired, nil
		}
		key, ok, err := l.seekInTurn()
		if err != nil {
			return atEnd, err
		}
		if !ok {
			return atEnd, nil
		}
		if key != l.target {
			l.target, agreed = key, 0
		}
		agreed++
	}
	return matched, nil
}

// seekInTurn asks the list whose turn it is and pays for it.
func (l *leap) seekInTurn() (Key, bool, error) {
	list := l.lists[l.turn]
	l.turn = (l.turn + 1) % len(l.lists)
	l.asked++
	key, ok, err := list.Seek(l.target)
	*l.work -= seekCost(list)
	return key, ok, err
}

// seekCost is how many seeks the last Seek of a list came to.
func seekCost(list List) int {
	if u, ok := list.(*union); ok {
		return max(1, u.work)
	}
	return 1
}

func isKept(k Key, keep func(Key) (bool, error)) (bool, error) {
	if keep == nil {
		return true, nil
	}
	return keep(k)
}
