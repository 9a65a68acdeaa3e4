// How the command line has packages loaded.
export { preferSingleFiles } from '../files/packages.ts';
