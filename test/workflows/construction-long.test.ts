/** All tests of construction once more, each going on in a further run every sixty events: nobody notices. */
import './going-on';
import './construction.test';
