package email

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"pult/domain/carrier"
)

// Time limits of a connection; how long it is left alone stands with the Driver.
const (
	// after letters came: some servers do not tell of one that came just before IDLE began
	idleAtFirst = time.Minute
	answerLimit = 2 * time.Minute  // for an answer of the server; one letter may take longer, see fetchLimit
	fetchLimit  = 15 * time.Minute // for one letter of 35 MB over a slow line
)

// recheck is how far before the last known letter is looked after a folder was rebuilt; the desk drops what it has.
const recheck = 48 * time.Hour

// receiver is one connection to the mailbox.
type receiver struct {
	*Driver
	client  *imapclient.Client
	cut     func() // ends the connection
	in      carrier.Intake
	news    chan struct{} // the server said that there is something; holds one, because more say nothing more
	cursor  cursor
	quiet   bool // the last look found nothing
	earlier bool // fetching what was there before: what somebody read already is history
}

// Receive fetches letters until ctx ends or the connection breaks, and then waits for more (see carrier.Receiver).
func (d *Driver) Receive(ctx context.Context, at string, in carrier.Intake) error {
	r := &receiver{Driver: d, in: in, news: make(chan struct{}, 1)}
	o := &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if m.NumMessages != nil {
				r.wakeUp()
			}
		}},
	}
	var err error
	if r.client, r.cut, err = d.openIMAP(ctx, o); err != nil {
		return nilIfStopped(ctx, err)
	}
	defer r.cut()
	if err := r.openFolder(ctx, at); err != nil {
		return nilIfStopped(ctx, d.imapError(err))
	}
	for {
		if err := r.fetchNew(ctx); err != nil {
			return nilIfStopped(ctx, d.imapError(err))
		}
		in.Connected()
		if err := r.waitForMail(ctx); err != nil {
			return nilIfStopped(ctx, d.imapError(err))
		}
	}
}

// nilIfStopped is nil after ctx ended: being stopped is no failure.
func nilIfStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (r *receiver) wakeUp() {
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// withDeadline cuts the connection when an answer takes too long: a line that is dead makes no noise.
func (r *receiver) withDeadline(limit time.Duration, fn func() error) error {
	watch := time.AfterFunc(limit, r.cut)
	defer watch.Stop()
	return fn()
}

// openFolder opens the folder and finds out from where on to fetch.
func (r *receiver) openFolder(ctx context.Context, at string) error {
	var opened *imap.SelectData
	err := r.withDeadline(answerLimit, func() (err error) {
		opened, err = r.client.Select(r.cfg.Folder, nil).Wait()
		return err
	})
	if err != nil {
		return r.folderError(err)
	}
	if err := r.prepareFolder(); err != nil {
		return err
	}
	known, ok := parseCursor(at, r.cfg.Folder)
	r.cursor = cursor{validity: opened.UIDValidity, folder: r.cfg.Folder}
	switch {
	case ok && known.validity == opened.UIDValidity:
		r.cursor = known
		return nil
	case ok:
		r.cursor.until = known.until
		return r.fetchSince(ctx, time.Unix(known.until, 0).Add(-recheck), opened)
	case r.cfg.Days > 0:
		return r.fetchSince(ctx, r.cfg.Now().AddDate(0, 0, -r.cfg.Days), opened)
	}
	r.cursor.uid, r.cursor.until = lastUID(opened), r.cfg.Now().Unix()
	return r.in.Take(ctx, carrier.Webhook{}, r.cursor.String())
}

// lastUID is the newest letter in a folder that was just opened.
func lastUID(opened *imap.SelectData) imap.UID { return max(opened.UIDNext, 1) - 1 }

// folderError makes of a folder that cannot be opened something a person can mend.
func (r *receiver) folderError(err error) error {
	var said *imap.Error
	if errors.As(err, &said) && !passing[said.Code] {
		return &carrier.Error{
			Class:  carrier.Unauthorised,
			Code:   imapSide + "-FOLDER",
			Key:    "provider.email.folder",
			Detail: r.redactWords(said.Text),
		}
	}
	return err
}

// fetchSince hands over what came since a day: on the first connection, and after the folder was rebuilt.
func (r *receiver) fetchSince(ctx context.Context, day time.Time, opened *imap.SelectData) error {
	uids, err := r.searchUIDs(&imap.SearchCriteria{Since: day})
	if err != nil {
		return err
	}
	r.earlier = true
	defer func() { r.earlier = false }()
	for _, uid := range uids {
		if err := r.handOver(ctx, uid); err != nil {
			return err
		}
	}
	r.cursor.uid = max(r.cursor.uid, lastUID(opened))
	return r.in.Take(ctx, carrier.Webhook{}, r.cursor.String())
}

// fetchNew hands over everything after the cursor.
func (r *receiver) fetchNew(ctx context.Context) error {
	uids, err := r.searchUIDs(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: r.cursor.uid + 1}}}})
	if err != nil {
		return err
	}
	r.quiet = true
	for _, uid := range uids {
		// "everything from n on" holds the newest letter even when its UID is below n.
		if uid <= r.cursor.uid {
			continue
		}
		r.quiet = false
		if err := r.handOver(ctx, uid); err != nil {
			return err
		}
	}
	return nil
}

func (r *receiver) searchUIDs(criteria *imap.SearchCriteria) (uids []imap.UID, err error) {
	err = r.withDeadline(answerLimit, func() error {
		found, err := r.client.UIDSearch(criteria, nil).Wait()
		if err == nil {
			uids = found.AllUIDs()
		}
		return err
	})
	slices.Sort(uids)
	return uids, err
}

// waitForMail returns when there may be something new, or when it is time to look.
func (r *receiver) waitForMail(ctx context.Context) error {
	if !r.client.Caps().Has(imap.CapIdle) {
		return r.waitPolling(ctx)
	}
	var idle *imapclient.IdleCommand
	err := r.withDeadline(answerLimit, func() (err error) {
		idle, err = r.client.Idle()
		return err
	})
	if err != nil {
		return err
	}
	// News that came while the last letters were fetched are in the channel already.
	limit := r.idleFor
	if !r.quiet {
		limit = min(limit, idleAtFirst)
	}
	if err := r.awaitNews(ctx, limit); err != nil {
		return err
	}
	return r.withDeadline(answerLimit, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

func (r *receiver) waitPolling(ctx context.Context) error {
	if err := r.awaitNews(ctx, r.pollEvery); err != nil {
		return err
	}
	return r.withDeadline(answerLimit, func() error { return r.client.Noop().Wait() })
}

// errCut says that the server ended the connection.
var errCut = errors.New("email: the connection ended")

func (r *receiver) awaitNews(ctx context.Context, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-r.news:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	case <-r.client.Closed():
		return errCut
	}
	return nil
}
