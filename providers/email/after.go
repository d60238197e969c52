package email

import (
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// prepareFolder makes the folder that letters are moved to. That it is there already is no failure.
func (r *receiver) prepareFolder() error {
	if r.cfg.After != Move {
		return nil
	}
	return r.withDeadline(answerLimit, func() error {
		return ignoreRefusal(r.client.Create(r.moveTo(), nil).Wait())
	})
}

// moveTo is the folder with the separator of this server: people write a slash.
func (r *receiver) moveTo() string {
	list, err := r.client.List("", "", nil).Collect()
	if err != nil || len(list) == 0 || list[0].Delim == 0 || list[0].Delim == '/' {
		return r.cfg.MoveTo
	}
	return strings.ReplaceAll(r.cfg.MoveTo, "/", string(list[0].Delim))
}

// ignoreRefusal lets a refusal pass. What the server does not let us do with a letter that is kept here already is no
// reason to stop fetching; a broken connection is.
func ignoreRefusal(err error) error {
	var said *imap.Error
	if errors.As(err, &said) {
		return nil
	}
	return err
}

// finishLetter does to a letter at the server what the settings say, once it is kept here.
func (r *receiver) finishLetter(uid imap.UID) error {
	one := imap.UIDSetNum(uid)
	switch r.cfg.After {
	case Move:
		return ignoreRefusal(r.moveAway(one))
	case Delete:
		return ignoreRefusal(r.expungeLetters(one))
	}
	return ignoreRefusal(r.setFlag(one, imap.FlagSeen))
}

func (r *receiver) setFlag(set imap.UIDSet, flag imap.Flag) error {
	return r.client.Store(set, &imap.StoreFlags{
		Op:     imap.StoreFlagsAdd,
		Silent: true,
		Flags:  []imap.Flag{flag},
	}, nil).Close()
}

// moveAway moves a letter, by a copy where the server cannot move.
func (r *receiver) moveAway(set imap.UIDSet) error {
	if r.client.Caps().Has(imap.CapMove) {
		_, err := r.client.Move(set, r.moveTo()).Wait()
		return err
	}
	if _, err := r.client.Copy(set, r.moveTo()).Wait(); err != nil {
		return err
	}
	return r.expungeLetters(set)
}

// expungeLetters removes exactly these letters. A server that can only remove everything that is marked is left to its
// owner, because others may have marked letters they still want.
func (r *receiver) expungeLetters(set imap.UIDSet) error {
	if err := r.setFlag(set, imap.FlagDeleted); err != nil || !r.client.Caps().Has(imap.CapUIDPlus) {
		return err
	}
	return r.client.UIDExpunge(set).Close()
}
