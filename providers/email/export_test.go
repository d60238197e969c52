package email

import "time"

// SetLargest changes from which size on only the text of a letter is fetched, so that tests need no letters of 35 MB.
func (d *Driver) SetLargest(bytes int64) { d.largest = bytes }

// SetIdle changes how long the connection is left alone.
func (d *Driver) SetIdle(limit time.Duration) { d.idleFor, d.pollEvery = limit, limit }
