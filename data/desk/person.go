package desk

import (
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// person is the customers who are one, as far as anybody has decided: those whom pairs
// connect. Each of them has a row, and so has who was joined into them; and each row
// has a block of its own or none, which pairs, joins and splits leave as it is. What
// counts for a customer is computed from all of them.
type person struct {
	customers []data.Customer // the one it is about comes first
	rows      map[int64][]int64
	own       map[int64]*data.Block // by row; those that have not ended
	alone     bool                  // one customer of one row, whose own block is that which counts
}

// readPerson returns who may be the same person as c, with their own blocks.
func readPerson(tx *store.Tx, c data.Customer, now data.Moment) (person, error) {
	all, err := samePerson(tx, c)
	if err != nil {
		return person{}, err
	}
	p := person{customers: append([]data.Customer{c}, all...), rows: map[int64][]int64{}}
	for _, c := range p.customers {
		if p.rows[c.ID], err = tx.Rows(c.ID); err != nil {
			return p, err
		}
	}
	if p.alone = len(p.customers) == 1 && len(p.rows[c.ID]) == 1; p.alone {
		p.own = map[int64]*data.Block{}
		if c.Block != nil {
			p.own[c.ID] = c.Block
		}
		return p, nil
	}
	return p, p.readOwn(tx, now)
}

// readParted returns the same of customers who were not alone until now: the own block
// of one who is now does not count yet.
func readParted(tx *store.Tx, customer int64, now data.Moment) (person, error) {
	c, err := tx.Customer(customer)
	if err != nil {
		return person{}, err
	}
	p, err := readPerson(tx, c, now)
	if err != nil || !p.alone {
		return p, err
	}
	return p, p.readOwn(tx, now)
}

func (p *person) readOwn(tx *store.Tx, now data.Moment) (err error) {
	if p.own, err = tx.OwnBlocks(p.allRows()); err != nil {
		return err
	}
	for row, b := range p.own {
		if b.Ended(now) {
			delete(p.own, row)
		}
	}
	return nil
}

func (p *person) allRows() (all []int64) {
	for _, c := range p.customers {
		all = append(all, p.rows[c.ID]...)
	}
	return all
}

// save writes the own blocks. Who is alone has it with the customer.
func (p *person) save(tx *store.Tx) error {
	for _, row := range p.allRows() {
		b := p.own[row]
		if p.alone {
			b = nil
		}
		if err := tx.SaveOwnBlock(row, b); err != nil {
			return err
		}
	}
	return nil
}

// keepOwn keeps the block of c beside it, as that of one who is alone no more.
func keepOwn(tx *store.Tx, c data.Customer, now data.Moment) error {
	p, err := readPerson(tx, c, now)
	if err != nil || !p.alone {
		return err
	}
	return tx.SaveOwnBlock(c.ID, c.Block)
}

// before returns the own blocks of all rows, for an undo; nil where somebody is alone,
// whose block is all that there is.
func (p *person) before() map[int64]*data.Block {
	if p.alone {
		return nil
	}
	all := make(map[int64]*data.Block)
	for _, row := range p.allRows() {
		all[row] = p.own[row]
	}
	return all
}

// restore puts back the own blocks that the rows had before. A row that is not among
// them keeps its own.
func (p *person) restore(before map[int64]*data.Block) {
	for _, row := range p.allRows() {
		b, known := before[row]
		switch {
		case b != nil:
			p.own[row] = b
		case known:
			delete(p.own, row)
		}
	}
}

// ownBlock returns the block that the customer has of their own: of all their rows the
// one that ends last; nil for none.
func (p *person) ownBlock(customer int64) *data.Block {
	return data.OwnBlock(p.rows[customer], p.own)
}

// counting returns what counts for each customer, as data.CountingBlocks does, and whose
// it is.
func (p *person) counting() (blocks map[int64]*data.Block, owner data.Customer) {
	owners := make([]data.Customer, len(p.customers))
	for i, c := range p.customers {
		c.Block = p.ownBlock(c.ID)
		owners[i] = c
	}
	blocks, id := data.CountingBlocks(owners)
	for _, c := range owners {
		if blocks != nil && c.ID == id {
			owner = c
		}
	}
	return blocks, owner
}

// parting is what apply records, and does with what was held.
type parting struct {
	by      data.Actor
	with    [2]data.Customer // the pair: who is one of the person, and the other
	discard bool
	letGo   map[int64]int64 // the events that let go of what was held, by customer
	now     data.Moment
}

// other returns the customer of the pair that id is not, and of one who is neither the
// second.
func (a parting) other(id int64) data.Customer {
	if a.with[1].ID == id {
		return a.with[0]
	}
	return a.with[1]
}

// apply has for each customer count what does now that others came or went, with
// events. What is let go of goes into a.letGo; what it lets go of is held again where
// a block comes back.
func (p *person) apply(tx *store.Tx, a parting) error {
	blocks, owner := p.counting()
	for i := range p.customers {
		c := &p.customers[i]
		b, with := blocks[c.ID], owner
		if b == nil || owner.ID == c.ID {
			with = a.other(c.ID)
		}
		var err error
		switch {
		case b == nil && c.Block == nil:
			continue
		case b == nil:
			var e data.Event
			e, err = endOne(tx, c, data.UnblockedEvent, a.by, a.now, a.now, data.Detail{With: string(with.Address)}, a.discard)
			if a.letGo != nil {
				a.letGo[c.ID] = e.Seq
			}
		case c.Block == nil:
			if seq := a.letGo[c.ID]; seq != 0 {
				if _, err := tx.UndoRelease(c, seq); err != nil {
					return err
				}
			}
			err = takeBlock(tx, c, b, with, a.by, a.now)
		default:
			err = follow(tx, c, b, with, a)
		}
		if err != nil {
			return err
		}
		if err := tx.Changed(data.CustomerChanged, c.ID); err != nil {
			return err
		}
	}
	return p.save(tx)
}

// follow has the block b count for c, who is blocked. With is whose end it has, or
// had.
func follow(tx *store.Tx, c *data.Customer, b *data.Block, with data.Customer, a parting) error {
	before := c.Block.Until
	if *c.Block == *b {
		return nil
	}
	if err := tx.SetBlock(c, b); err != nil {
		return err
	}
	if before == b.Until {
		return nil
	}
	_, err := appendEvent(tx, *c, endChangeKind(before, b.Until), a.by, a.now, a.now, data.Detail{Until: int64(b.Until), With: string(with.Address)})
	return err
}
